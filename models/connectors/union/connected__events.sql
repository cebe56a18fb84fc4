{{ config(enabled=feeding_systems('raw_events') | length > 0) }}

{{ connected_rows('raw_events') }}
