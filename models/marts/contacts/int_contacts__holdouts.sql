with

assignments as (

    select * from {{ ref('stg_activity__experiment_assignments') }}
    where variant = 'holdout'

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

-- An experiment that bears the name of a segment holds back from that segment alone, any other from all.
holdouts as (

    select distinct
        contact_records.contact_id,
        assignments.experiment_name

    from assignments

    inner join contact_records on assignments.record_id = contact_records.record_id

)

select * from holdouts
