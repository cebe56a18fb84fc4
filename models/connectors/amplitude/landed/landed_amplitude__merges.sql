{{ config(enabled=is_connected('amplitude')) }}

{{ landed_rows() }}
