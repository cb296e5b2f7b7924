"""What of a trial the model had read when it acted: see `forms.py`."""
