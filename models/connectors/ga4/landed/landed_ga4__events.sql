{{ config(enabled=is_connected('ga4')) }}

{{ landed_rows() }}
