"""What a centre begins with: company pages, services, news and articles, in three languages.

``content`` holds one file a page: settings, then the Chinese and the English text. Traditional
Chinese is made from the simplified. No figure is typed: pages name what is measured.
"""
