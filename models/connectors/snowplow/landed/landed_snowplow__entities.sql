{{ config(enabled=is_connected('snowplow')) }}

{{ landed_rows() }}
