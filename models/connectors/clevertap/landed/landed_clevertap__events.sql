{{ config(enabled=is_connected('clevertap')) }}

{{ landed_rows() }}
