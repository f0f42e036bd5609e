"""The shared face: layouts, components, error pages, filters, assets."""
