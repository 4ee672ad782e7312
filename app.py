"""The Streamlit entry: wires the pages; decides nothing."""

import streamlit as st

from assistant.pages import STYLE, review, training

st.set_page_config(page_title="绩效自评表审核助手", page_icon="📋", layout="wide")
st.html(STYLE)
pages = [st.Page(review.page, title="审核", url_path="review", default=True)]
pages += [st.Page(training.page, title="示范与培训", url_path="training")]
st.navigation(pages, position="top").run()
