{{ config(enabled=is_connected('shopify')) }}

{{ landed_rows() }}
