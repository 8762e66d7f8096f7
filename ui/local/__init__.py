"""The municipality's own uploads as parts of pages: events, survey answers, other figures, and the deliveries."""
