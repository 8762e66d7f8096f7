"""From a dropped file to a delivery, on screen: what lies in the inbox, what is asked, what came of it."""
