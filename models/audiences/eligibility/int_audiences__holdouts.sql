with

holdouts as (

    select * from {{ ref('int_contacts__holdouts') }}

),

definitions as (

    select * from {{ ref('segment_definitions') }}

),

-- A null segment holds back from all.
segment_holdouts as (

    select distinct
        holdouts.contact_id,
        definitions.segment_name

    from holdouts

    left join definitions on holdouts.experiment_name = definitions.segment_name

)

select * from segment_holdouts
