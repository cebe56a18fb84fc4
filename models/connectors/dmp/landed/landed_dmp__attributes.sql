{{ config(enabled=is_connected('dmp')) }}

{{ landed_rows(as_attributes=true) }}
