{{ config(enabled=is_connected('salesforce')) }}

{{ landed_rows() }}
