{{ config(enabled=has_feature('lookalikes')) }}

with

contacts as (

    select * from {{ ref('crm_segmentation', 'contact_traits') }}
    where not is_erased

),

choices as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__trait_choices') }}
    where is_used

),

used_traits as (

    select
        {{ used_trait_columns() }}

    from choices

),

contacts_by_used_traits as (

    select
        contacts.*,
        used_traits.*

    from contacts

    cross join used_traits

)

-- Which columns these are, contact_traits says.
select * from contacts_by_used_traits -- noqa: AM04
