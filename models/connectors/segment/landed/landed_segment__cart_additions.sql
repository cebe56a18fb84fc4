{{ config(enabled=is_connected('segment')) }}

{{ landed_rows() }}
