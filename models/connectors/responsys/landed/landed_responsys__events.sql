{{ config(enabled=is_connected('responsys')) }}

{{ landed_rows() }}
