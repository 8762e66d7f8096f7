import streamlit as st

st.title("Karta")
