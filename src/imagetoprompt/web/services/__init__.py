"""What the routes share: admission, describing, transforms, pictures and quotas."""
