with

run_info as (

    select
        {{ as_of_date() }} as as_of_date,
        cast({{ 'true' if var('demo_data') else 'false' }} as {{ dbt.type_boolean() }}) as is_demo,
        cast('{{ var("reporting_currency") }}' as {{ dbt.type_string() }}) as reporting_currency,
        cast('{{ var("rfm_preset") }}' as {{ dbt.type_string() }}) as rfm_preset,
        cast('{{ project_version() }}' as {{ dbt.type_string() }}) as project_version,
        cast('{{ dbt_version }}' as {{ dbt.type_string() }}) as dbt_version,
        cast({{ engine_version() }} as {{ dbt.type_string() }}) as engine_version,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp) as run_started_at

)

select * from run_info
