"""The parts of the page Tid och plats: what is asked about, and the answers as exhibits."""
