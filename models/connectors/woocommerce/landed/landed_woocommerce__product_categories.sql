{{ config(enabled=is_connected('woocommerce')) }}

{{ landed_rows() }}
