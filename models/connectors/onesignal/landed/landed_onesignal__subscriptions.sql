{{ config(enabled=is_connected('onesignal')) }}

{{ landed_rows() }}
