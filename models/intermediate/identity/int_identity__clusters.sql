with

records as (

    select * from {{ ref('int_identity__records') }}

),

people as (

    select * from {{ ref('int_identity__people') }}

),

chains as (

    select * from {{ ref('int_identity__chains') }}

),

disputed_chains as (

    select * from {{ ref('int_identity__disputed_chains') }}

),

clusters as (

    select
        records.record_number as node,
        case
            when disputed_chains.component is not null then chains.node
            else coalesce(chains.component, people.component, records.record_number)
        end as component

    from records

    left join people on records.record_number = people.node

    left join chains on coalesce(people.component, records.record_number) = chains.node

    left join disputed_chains on chains.component = disputed_chains.component

)

select * from clusters
