{%- set relation = raw_relation('raw_events') -%}

with

received as (

    select count(*) as row_count
    {{ 'from ' ~ relation if relation is not none }}

)

select * from received
