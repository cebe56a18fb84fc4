{{ config(enabled=is_connected('iterable')) }}

{{ landed_rows() }}
