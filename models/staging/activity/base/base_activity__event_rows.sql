with

event_rows as (

    {{ event_rows() }}

)

select * from event_rows
