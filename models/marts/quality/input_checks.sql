with

verdicts as (

    select * from {{ ref('crm_segmentation', 'int_quality__input_verdicts') }}

),

input_checks as (

    select
        cast(check_name as {{ dbt.type_string() }}) as check_name,
        cast(raw_table as {{ dbt.type_string() }}) as raw_table,
        cast(source_system as {{ dbt.type_string() }}) as source_system,
        cast(subject as {{ dbt.type_string() }}) as subject,
        cast(looked_at as {{ dbt.type_string() }}) as looked_at,
        row_count,
        failing_count,
        cast(failing_share as numeric(9, 6)) as failing_share,
        first_day,
        last_day,
        cast(status as {{ dbt.type_string() }}) as status,
        cast(advice as {{ dbt.type_string() }}) as advice,
        {{ as_of_date() }} as as_of_date

    from verdicts

)

select * from input_checks
