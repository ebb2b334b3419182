import os

# Read once, when huggingface_hub is imported: nothing is to be fetched by any test.
os.environ["HF_HUB_OFFLINE"] = "1"
