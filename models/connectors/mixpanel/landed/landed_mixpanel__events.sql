{{ config(enabled=is_connected('mixpanel')) }}

{{ landed_rows() }}
