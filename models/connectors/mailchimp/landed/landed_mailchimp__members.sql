{{ config(enabled=is_connected('mailchimp')) }}

{{ landed_rows() }}
