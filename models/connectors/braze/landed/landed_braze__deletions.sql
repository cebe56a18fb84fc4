{{ config(enabled=is_connected('braze')) }}

{{ landed_rows() }}
