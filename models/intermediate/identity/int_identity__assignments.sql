with

entries as (

    select * from {{ ref('crm_segmentation', 'int_identity__ledger') }}

),

assignments as (

    {{ ledger_as_of('entries') }}

)

select * from assignments
