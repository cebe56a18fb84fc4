{{ config(enabled=is_connected('dynamics')) }}

{{ landed_rows() }}
