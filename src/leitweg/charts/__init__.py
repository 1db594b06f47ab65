"""Released values become pictures: Vega-Lite specifications, drawn as SVG."""
