{{ config(enabled=is_connected('dmp')) }}

{{ landed_attributes() }}
