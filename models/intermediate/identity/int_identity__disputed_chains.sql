with

chains as (

    select * from {{ ref('int_identity__chains') }}

),

shared_identifiers as (

    select * from {{ ref('int_identity__shared_identifiers') }}

),

distinguishing_values as (

    select * from {{ ref('int_identity__distinguishing_values') }}

),

guards as (

    select distinct
        chains.component,
        shared_identifiers.conflicts_on

    from shared_identifiers

    inner join chains on shared_identifiers.person_number = chains.node

),

-- A and B share a phone, B and C another; A and C disagree. Nobody can say which link is wrong, so none holds.
disagreements as (

    select
        chains.component,
        distinguishing_values.attribute_name

    from chains

    inner join distinguishing_values on chains.node = distinguishing_values.person_number

    inner join guards
        on
            chains.component = guards.component
            and {{ is_listed('distinguishing_values.attribute_name', 'guards.conflicts_on') }}

    group by chains.component, distinguishing_values.attribute_name

    having min(distinguishing_values.attribute_key) != max(distinguishing_values.attribute_key)

),

disputed_chains as (

    select distinct component from disagreements

)

select * from disputed_chains
