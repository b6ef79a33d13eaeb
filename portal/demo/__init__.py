"""The demo centre: invented companies and goods in real cities, and life that moves them on."""
