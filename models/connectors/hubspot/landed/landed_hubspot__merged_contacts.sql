{{ config(enabled=is_connected('hubspot')) }}

{{ landed_rows() }}
