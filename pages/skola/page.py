import streamlit as st

st.title("Skola")
