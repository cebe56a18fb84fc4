{{ config(pre_hook="{{ crm_segmentation.tell_input_checks() }}") }}

with

verdicts as (

    select * from {{ ref('crm_segmentation', 'int_quality__input_verdicts') }}

),

errors as (

    select
        check_name,
        raw_table,
        source_system,
        subject,
        advice

    from verdicts

    where status = 'error'

)

select * from errors
