{{ config(enabled=feeding_systems('raw_campaigns') | length > 0) }}

{{ connected_rows('raw_campaigns') }}
