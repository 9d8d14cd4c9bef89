insert into event_store.events(stream_id,stream_version,event_type,schema_version,payload)
select 'order-'||(i/6), i%6, case i%6 when 0 then 'OrderCreated' when 5 then 'OrderPaid' else 'OrderItemAdded' end, case when i%6 between 1 and 4 then 1+ (i/6)%3 else 1 end,
 case i%6 when 0 then jsonb_build_object('order_id','order-'||(i/6),'customer_id','c'||(i/6)%1000,'customer_name','Name '||(i/6)%1000)
 when 5 then jsonb_build_object('order_id','order-'||(i/6)) else 
 case (i/6)%3 when 0 then jsonb_build_object('order_id','order-'||(i/6),'quantity',1+i%4,'price',((i%1000)/100.0)::text, 'sku','sku'||i%77)
 when 1 then jsonb_build_object('order_id','order-'||(i/6),'quantity',1+i%4,'unit_price',((i%1000)/100.0)::text, 'currency','USD', 'sku','sku'||i%77)
 else jsonb_build_object('order_id','order-'||(i/6),'quantity',1+i%4,'unit_price_cents',(i%1000), 'currency','USD','sku','sku'||i%77) end end
from generate_series(0,5999) i;
