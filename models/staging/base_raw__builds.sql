{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    on_schema_change='append_new_columns',
    post_hook=[
        "{{ crm_segmentation.tell_of_other_definitions() }}",
        "{{ crm_segmentation.forget_former_entries(['model_name', 'log_name'], 'built_at') }}",
    ],
) }}

-- Guarantees that an entry is written by the table that it is about alone, after the table itself.
with

builds as (

    select
        cast(null as {{ dbt.type_string() }}) as model_name,
        cast(null as {{ dbt.type_string() }}) as log_name,
        cast(null as {{ dbt.type_int() }}) as built_to,
        cast(null as date) as as_of_date,
        cast(null as {{ dbt.type_string() }}) as definitions,
        cast(null as timestamp) as built_at

    {{ no_rows() }}

)

select * from builds
