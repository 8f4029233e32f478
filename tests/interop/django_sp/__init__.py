"""A Django project of the smallest size that logs its users in with django-digid-eherkenning.

Run as `python -m django_sp <facts.json>`; see `__main__` for the conversation it then has.
Everything that speaks SAML is the library's own, unmodified: login page, assertion consumer service,
artifact resolution, authentication backend, metadata and service catalogue.
"""
