"""Where other services are and how long we wait for them."""

PASS_OFFICE_URL = "https://passes.stallpay.example/v1"
PASS_OFFICE_TIMEOUT = 2.0
