import streamlit as st
st.title("L")
