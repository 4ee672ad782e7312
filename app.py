"""The Streamlit entry: wires the pages; decides nothing."""

import streamlit as st

from assistant.pages import STYLE, review

st.set_page_config(page_title="绩效自评表审核助手", page_icon="📋", layout="wide")
st.html(STYLE)
st.navigation([st.Page(review.page, title="审核", url_path="review", default=True)], position="hidden").run()
