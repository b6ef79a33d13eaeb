"""Public pages: the centre's own pages, services, news, and what machines read of them."""
