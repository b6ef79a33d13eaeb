"""What pages of messages share: how forms are taken in, files sent, hours written."""
