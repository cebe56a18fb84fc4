{{ config(enabled=is_connected('klaviyo')) }}

{{ landed_rows() }}
