{{ config(enabled=is_connected('eloqua')) }}

{{ landed_rows() }}
