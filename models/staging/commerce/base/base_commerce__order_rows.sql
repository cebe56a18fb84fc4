with

order_rows as (

    {{ order_rows() }}

)

select * from order_rows
