"""Everything that needs Streamlit and is shared between pages."""
