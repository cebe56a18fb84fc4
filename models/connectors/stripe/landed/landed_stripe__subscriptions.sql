{{ config(enabled=is_connected('stripe')) }}

{{ landed_rows() }}
