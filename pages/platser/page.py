import streamlit as st

st.title("Platser")
