{{ config(enabled=is_connected('moengage')) }}

{{ landed_rows() }}
